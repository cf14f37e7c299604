import type { Outputs } from '../../../preload/contract/job-actions.ts'
import { collectionSentence } from '../../../main/domain/collection.ts'
import { mirrorWords } from '../../../main/domain/mirror-words.ts'
import { useNow } from '../../ui/now.ts'
import styles from './output-files.module.css'

/** How the copies home stand while the job runs, and what the end will still take. */
export function MirrorLine({ outputs }: { readonly outputs: Outputs }) {
  const now = useNow()
  const { mirror, collection, totalBytes } = outputs
  return (
    <div className={styles['mirror']}>
      {mirror === null ? null : <p>{mirrorWords(mirror, totalBytes, now)}</p>}
      {collection === null ? null : (
        <p>
          {mirror !== null && collection.bytes === 0
            ? 'As things stand, nothing is left to bring home at the end.'
            : collectionSentence(collection)}
        </p>
      )}
    </div>
  )
}
