import { marked } from './search.ts'
import styles from './settings.module.css'

/** A text with what the search found in it marked. */
export function MarkedText({ text, query }: { readonly text: string; readonly query: string }) {
  return marked(text, query).map((piece, index) =>
    piece.hit ? (
      // The pieces of one text keep their order.
      <mark key={index} className={styles['mark']}>
        {piece.text}
      </mark>
    ) : (
      piece.text
    ),
  )
}
