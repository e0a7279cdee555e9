/** The only place that draws rich_text blocks. https://docs.slack.dev/reference/block-kit/blocks/rich-text-block */
import type { ComponentChildren } from "preact";
import { emojiNamed } from "./emoji.ts";
import { type Bag, bag, bags, num, str } from "./read.ts";
import { ChannelName, DateText, GroupName, Link, UserName } from "./text.tsx";

export function RichText({ block }: { block: Bag }) {
  return (
    <div class="rich-text">
      {bags(block.elements).map((element, at) => (
        <Part key={at} element={element} />
      ))}
    </div>
  );
}

function Part({ element }: { element: Bag }) {
  switch (element.type) {
    case "rich_text_list":
      return <List element={element} />;
    case "rich_text_preformatted":
      return <pre class="code-block">{bags(element.elements).map((one) => str(one.text) || str(one.url))}</pre>;
    case "rich_text_quote":
      return (
        <blockquote>
          <Leaves of={element.elements} />
        </blockquote>
      );
    default:
      return (
        <div class="paragraph">
          <Leaves of={element.elements} />
        </div>
      );
  }
}

function List({ element }: { element: Bag }) {
  const items = bags(element.elements).map((item, at) => (
    <li key={at}>
      <Leaves of={item.elements} />
    </li>
  ));
  const style = { marginLeft: `${(num(element.indent) ?? 0) * 1.4}rem` };
  if (element.style !== "ordered") return <ul style={style}>{items}</ul>;
  return (
    <ol style={style} start={(num(element.offset) ?? 0) + 1}>
      {items}
    </ol>
  );
}

function Leaves({ of }: { of: unknown }) {
  return (
    <>
      {bags(of).map((leaf, at) => (
        <Styled key={at} style={bag(leaf.style)}>
          <Leaf leaf={leaf} />
        </Styled>
      ))}
    </>
  );
}

function Leaf({ leaf }: { leaf: Bag }): ComponentChildren {
  switch (leaf.type) {
    case "link":
      return <Link url={str(leaf.url)}>{str(leaf.text) || str(leaf.url)}</Link>;
    case "emoji":
      return emojiNamed(str(leaf.name));
    case "user":
      return <UserName id={str(leaf.user_id)} />;
    case "usergroup":
      return <GroupName id={str(leaf.usergroup_id)} />;
    case "channel":
      return <ChannelName id={str(leaf.channel_id)} />;
    case "date":
      return (
        <DateText
          seconds={num(leaf.timestamp) ?? Number.NaN}
          format={str(leaf.format)}
          url={str(leaf.url)}
          fallback={str(leaf.fallback)}
        />
      );
    case "broadcast":
      return <span class="mention mine">@{str(leaf.range)}</span>;
    default:
      return str(leaf.text);
  }
}

function Styled({ style, children }: { style: Bag; children: ComponentChildren }) {
  let shown: ComponentChildren = children;
  if (style.code === true) shown = <code>{shown}</code>;
  if (style.strike === true) shown = <s>{shown}</s>;
  if (style.italic === true) shown = <em>{shown}</em>;
  if (style.bold === true) shown = <strong>{shown}</strong>;
  return <>{shown}</>;
}
