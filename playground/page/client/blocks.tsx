/** The only place that draws Block Kit blocks, in messages and forms alike. https://docs.slack.dev/reference/block-kit/blocks */
import { Element } from "./elements.tsx";
import { InputBlock } from "./fields.tsx";
import { type Bag, bag, bags, has, str, words } from "./read.ts";
import { RichText } from "./richtext.tsx";
import { Text } from "./text.tsx";

export function Blocks({ blocks }: { blocks: unknown }) {
  return (
    <>
      {bags(blocks).map((block, at) => (
        <Block key={keyOf(block, at)} block={block} />
      ))}
    </>
  );
}

/** Inputs keep their DOM node, and so the caret, as long as block_id and action_id stay. */
function keyOf(block: Bag, at: number): string {
  const id = str(block.block_id);
  return block.type === "input" ? `${id}/${str(bag(block.element).action_id)}` : `${at}/${id}`;
}

function Block({ block }: { block: Bag }) {
  switch (block.type) {
    case "header":
      return (
        <h3 class="block-header">
          <Text of={block.text} />
        </h3>
      );
    case "section":
      return <Section block={block} />;
    case "context":
      return <Context block={block} />;
    case "divider":
      return <hr />;
    case "actions":
      return <Actions block={block} />;
    case "image":
      return <Picture block={block} />;
    case "rich_text":
      return <RichText block={block} />;
    case "alert":
      return <Alert block={block} />;
    case "input":
      return <InputBlock block={block} />;
    default:
      return <p class="unknown-block">This stand-in does not draw “{str(block.type)}” blocks.</p>;
  }
}

function Section({ block }: { block: Bag }) {
  const fields = bags(block.fields);
  return (
    <div class="section">
      <div class="section-body">
        {has(block.text) && <Text of={block.text} />}
        {fields.length > 0 && (
          <div class="section-fields">
            {fields.map((field, at) => (
              <div key={at}>
                <Text of={field} />
              </div>
            ))}
          </div>
        )}
      </div>
      {has(block.accessory) && (
        <div class="section-accessory">
          <Element element={bag(block.accessory)} blockId={str(block.block_id)} label={words(block.text)} />
        </div>
      )}
    </div>
  );
}

function Context({ block }: { block: Bag }) {
  return (
    <div class="context">
      {bags(block.elements).map((element, at) =>
        element.type === "image" ? (
          <img key={at} src={str(element.image_url)} alt={str(element.alt_text)} />
        ) : (
          <span key={at}>
            <Text of={element} />
          </span>
        ),
      )}
    </div>
  );
}

function Actions({ block }: { block: Bag }) {
  return (
    <div class="actions">
      {bags(block.elements).map((element, at) => (
        <Element key={str(element.action_id) || at} element={element} blockId={str(block.block_id)} label="" />
      ))}
    </div>
  );
}

function Picture({ block }: { block: Bag }) {
  return (
    <figure class="picture">
      {has(block.title) && (
        <figcaption>
          <Text of={block.title} />
        </figcaption>
      )}
      <img src={str(block.image_url)} alt={str(block.alt_text)} />
    </figure>
  );
}

function Alert({ block }: { block: Bag }) {
  const level = str(block.level) || "default";
  return (
    <div class={`alert alert-${level}`} role={level === "error" || level === "warning" ? "alert" : "note"}>
      <Text of={block.text} />
    </div>
  );
}
