const QUOTE = '"';

/**
 * The cells of one line of CSV, without the spaces around them; undefined when a quotation mark is out of place. A cell
 * in quotation marks may hold the separator, and a doubled mark for one of its own, but no line end.
 */
export function splitCells(line: string, separator: string): string[] | undefined {
  if (!line.includes(QUOTE)) return line.split(separator).map((cell) => cell.trim());
  const cells: string[] = [];
  for (let from = 0; from <= line.length;) {
    const cell = cellAt(line, from, separator);
    if (cell === undefined) return undefined;
    cells.push(cell.text);
    from = cell.end + 1;
  }
  return cells;
}

interface Cell {
  readonly text: string;
  /** Where the separator behind it stands, or the line ends. */
  readonly end: number;
}

function cellAt(line: string, from: number, separator: string): Cell | undefined {
  const end = endOf(line, from, separator);
  const quoted = line.slice(from).trimStart();
  if (!quoted.startsWith(QUOTE)) {
    const text = line.slice(from, end).trim();
    return text.includes(QUOTE) ? undefined : { text, end };
  }
  const start = line.length - quoted.length + 1;
  const close = closingQuote(line, start);
  if (close === undefined) return undefined;
  const behind = endOf(line, close + 1, separator);
  if (line.slice(close + 1, behind).trim() !== '') return undefined;
  return { text: line.slice(start, close).replaceAll('""', QUOTE).trim(), end: behind };
}

function endOf(line: string, from: number, separator: string): number {
  const end = line.indexOf(separator, from);
  return end === -1 ? line.length : end;
}

function closingQuote(line: string, start: number): number | undefined {
  for (let at = line.indexOf(QUOTE, start); at !== -1; at = line.indexOf(QUOTE, at + 2)) {
    if (line[at + 1] !== QUOTE) return at;
  }
  return undefined;
}
