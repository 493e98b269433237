/** Joins what `format=flowed` wrapped (RFC 3676): lines that end in a blank go on in the next of the same depth. */
export function unflow(text: string, deleteSpace: boolean): string {
  const out: string[] = [];
  let open: { depth: number; pieces: string[] } | undefined;
  const close = () => {
    if (open) out.push(quoted(open.depth, open.pieces.join('')));
    open = undefined;
  };
  for (const line of text.split('\n')) {
    const depth = /^>*/.exec(line)![0].length;
    const stuffed = line.slice(depth);
    const content = stuffed.startsWith(' ') ? stuffed.slice(1) : stuffed;
    const soft = content.endsWith(' ') && content !== '-- ';
    if (open && (open.depth !== depth || content === '-- ')) close();
    open ??= { depth, pieces: [] };
    open.pieces.push(soft && deleteSpace ? content.slice(0, -1) : content);
    if (!soft) close();
  }
  close();
  return out.join('\n');
}

const quoted = (depth: number, text: string) => (depth === 0 ? text : `${'>'.repeat(depth)} ${text}`);
