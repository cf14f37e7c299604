const fields: readonly (readonly [flag: RegExp, words: string])[] = [
  [/\(--gpus 0 for none\)/g, '(write “none” for none)'],
  [/\(--gpus 1 asks for one\)/g, '(write 1 in “How many” to ask for one)'],
  [/--max-price( USD)?/g, '“Price limit”'],
  [/--max-duration/g, '“Longest”'],
  [/--min-vram/g, 'the memory in “GPU”'],
  [/--gpus/g, '“How many”'],
  [/--gpu\b/g, '“GPU”'],
  [/--provider/g, '“Provider”'],
  [/--account/g, 'the account'],
  [/--region/g, '“Region”'],
  [/--spot/g, '“Spot”'],
  [/--budget/g, '“Budget”'],
  [/--output( DIR)?/g, '“Results go to”'],
  [/--script( PATH)?/g, '“Script”'],
  [/--command( STR| REF)?/g, '“Command”'],
  [/--image( REF)?/g, '“Image”'],
  [/--data( PATH)?/g, '“Data”'],
  [/"?sublet secrets set[^".]*"?/g, 'add it under “Variables and secrets”'],
  [/"?sublet accounts (add|check)[^".]*"?/g, 'the Accounts page'],
  [/"?sublet offers"?/g, 'the Offers page'],
]

/** The engine speaks in flags, which the command line and this page share; here they are fields. */
export function plainWords(sentence: string): string {
  return fields.reduce((text, [flag, words]) => text.replace(flag, words), sentence)
}
