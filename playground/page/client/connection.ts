/** The only place where the page speaks with its server: a socket that brings the whole state, and one address for every act. */
import { useCallback, useEffect, useState } from "preact/hooks";
import { type PageAct, type PageAnswer, type PageState, paths } from "../contract.ts";

export interface Connection {
  /** Null until the first state has come. */
  state: PageState | null;
  live: boolean;
  /** Whom one chose to be; the state of that person may still be on its way. Empty: whomever the server says. */
  user: string;
  switchTo(user: string): void;
}

/** The person lives in the address, so that two windows can be two people. */
export function useConnection(): Connection {
  const [user, setUser] = useState(() => new URLSearchParams(location.search).get("user") ?? "");
  const [state, setState] = useState<PageState | null>(null);
  const [live, setLive] = useState(true);
  useEffect(() => listen(user, setState, setLive), [user]);
  const switchTo = useCallback((next: string) => {
    history.replaceState(null, "", `?user=${encodeURIComponent(next)}`);
    setUser(next);
  }, []);
  return { state, live, user, switchTo };
}

function listen(user: string, onState: (state: PageState) => void, onLive: (live: boolean) => void): () => void {
  let socket: WebSocket | null = null;
  let timer = 0;
  let ended = false;
  const open = () => {
    socket = new WebSocket(`ws://${location.host}${paths.socket}?user=${encodeURIComponent(user)}`);
    socket.onopen = () => onLive(true);
    socket.onmessage = (event) => {
      if (!ended) onState(JSON.parse(String(event.data)));
    };
    socket.onclose = () => {
      if (ended) return;
      onLive(false);
      timer = window.setTimeout(open, 1000);
    };
  };
  open();
  return () => {
    ended = true;
    clearTimeout(timer);
    socket?.close();
  };
}

export async function sendAct(act: PageAct): Promise<PageAnswer> {
  try {
    const response = await fetch(paths.act, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(act),
    });
    const answer: PageAnswer = await response.json();
    return answer;
  } catch {
    return { ok: false, says: "The playground does not answer. Is it still running in its terminal?" };
  }
}
