type Room = {
  readonly from: readonly string[]
  readonly node: boolean
  readonly packages: readonly string[]
}
export declare const rooms: Readonly<Record<string, Room>>
export declare function violations(folder: string, table?: typeof rooms): readonly string[]
