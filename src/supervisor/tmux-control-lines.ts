/** What a tmux server says to a client in control mode, as far as anybody here listens. */
export interface ControlListener {
  /** The client is in this session now, and may be asked; what it was asked before may get lost. */
  onAttached(session: string): void;
  /** To a command of ours, in the order in which they were sent. */
  onReply(reply: { readonly isError: boolean; readonly output: string }): void;
  /** A window of another session than the client's has closed. */
  onWindowClosed(windowId: string): void;
  /** Windows or sessions have come, gone or been renamed. */
  onWindowsChanged(): void;
}

/** Takes what the server sends, in pieces of any size. */
export function createControlReader(listener: ControlListener): (piece: string) => void {
  let rest = '';
  let block: { readonly tag: string; readonly lines: string[] } | undefined;

  return (piece) => {
    const lines = (rest + piece).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) read(line);
  };

  function read(line: string): void {
    if (block === undefined) notice(line);
    else if (line === `%end ${block.tag}` || line === `%error ${block.tag}`) endBlock(line, block);
    else block.lines.push(line);
  }

  function notice(line: string): void {
    const [word, ...words] = line.split(' ');
    if (word === '%begin') block = { tag: words.join(' '), lines: [] };
    if (word === '%session-changed' && words[1] !== undefined) listener.onAttached(words[1]);
    if (word === '%unlinked-window-close' && words[0] !== undefined) listener.onWindowClosed(words[0]);
    if (word === '%unlinked-window-add' || word === '%sessions-changed') listener.onWindowsChanged();
  }

  /** A tag that ends in 0 is of a command that we did not send: the attach itself, or somebody's hook. */
  function endBlock(line: string, { tag, lines }: { tag: string; lines: string[] }): void {
    block = undefined;
    if (!tag.endsWith(' 0')) {
      listener.onReply({ isError: line.startsWith('%error'), output: lines.join('\n') });
    }
  }
}
