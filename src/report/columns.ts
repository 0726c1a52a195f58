import { cut, cutMiddle, pad, widthOf, wrap } from './text.ts'

/** How a column meets its limit: numbers never cut, names cut in the middle, prose wrapped. */
export type Column = {
  readonly title: string
  readonly kind: 'number' | 'name' | 'prose'
  readonly columnsMax?: number
}

const gap = '  '

/** A plain table, no line wider than `columnsMax`. The prose columns share what the others leave. */
export function table(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  columnsMax: number,
  head: (line: string) => string = (line) => line,
): readonly string[] {
  const widths = widthsFor(columns, rows, columnsMax)
  const print = (cells: readonly string[]): readonly string[] => lines(columns, widths, cells)
  const titles = print(columns.map((column) => column.title))
  return [...titles.map(head), ...rows.flatMap(print)]
}

function widthsFor(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  columnsMax: number,
): readonly number[] {
  const wanted = columns.map((column, at) => {
    const widest = Math.max(widthOf(column.title), ...rows.map((row) => widthOf(row[at] ?? '')))
    return Math.min(widest, column.columnsMax ?? widest)
  })
  const room = columnsMax - gap.length * (columns.length - 1)
  return shrink(shrink(wanted, columns, 'prose', room, 14), columns, 'name', room, 8)
}

/** Takes what is over `room` from the columns of one kind, each time from the widest. */
function shrink(
  widths: readonly number[],
  columns: readonly Column[],
  kind: Column['kind'],
  room: number,
  floor: number,
): readonly number[] {
  const result = [...widths]
  let over = result.reduce((sum, width) => sum + width, 0) - room
  for (; over > 0; over--) {
    const of = (at: number): number => (columns[at]?.kind === kind ? (result[at] ?? 0) : 0)
    const widest = result.reduce((best, _, at) => (of(at) > of(best) ? at : best), 0)
    if (of(widest) <= floor) return result
    result[widest] = of(widest) - 1
  }
  return result
}

function lines(
  columns: readonly Column[],
  widths: readonly number[],
  cells: readonly string[],
): readonly string[] {
  const blocks = columns.map((column, at) => fit(column, cells[at] ?? '', widths[at] ?? 0))
  const height = Math.max(...blocks.map((block) => block.length))
  return Array.from({ length: height }, (_, line) =>
    columns
      .map((column, at) => pad(blocks[at]?.[line] ?? '', widths[at] ?? 0, column.kind === 'number'))
      .join(gap)
      .trimEnd(),
  )
}

function fit(column: Column, cell: string, width: number): readonly string[] {
  if (column.kind === 'prose') return wrap(cell, width)
  return [column.kind === 'name' ? cutMiddle(cell, width) : cut(cell, width)]
}
