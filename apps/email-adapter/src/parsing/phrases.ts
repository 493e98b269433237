interface Around {
  /** What stands before any of the phrases, and after. */
  before?: RegExp;
  after?: RegExp;
  flags?: string;
}

/** One pattern of many phrases, kept as a list that can be read and added to: any of them matches. */
export function phrases(list: readonly RegExp[], { before, after, flags = '' }: Around = {}): RegExp {
  const any = list.map(({ source }) => source).join('|');
  return new RegExp(`${before?.source ?? ''}(?:${any})${after?.source ?? ''}`, flags);
}
