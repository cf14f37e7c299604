import { FolderOpen } from 'lucide-react'
import { useState } from 'react'
import { type JobSummary } from '../../../preload/contract/job.ts'
import { isEnded } from '../../../preload/contract/job-state.ts'
import type { OutputFile, Outputs } from '../../../preload/contract/job-actions.ts'
import { formatBytes, formatCount } from '../../../main/domain/format.ts'
import { toSubletError, type SubletError } from '../../../main/domain/errors.ts'
import { useApp } from '../../app/app-context.ts'
import { Button, IconButton } from '../../ui/button.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'
import { ErrorNotice } from '../../ui/error-notice.tsx'
import { Section } from '../../ui/page.tsx'
import { Age } from '../../ui/time.tsx'
import { joinLocal, splitPath } from './local-path.ts'
import { MirrorLine } from './mirror-line.tsx'
import styles from './output-files.module.css'

const shownAtFirst = 8

/** What has come home so far, the newest first. */
export function OutputFiles({
  job,
  outputs,
  problem,
  onRetry,
}: {
  readonly job: JobSummary
  readonly outputs: Outputs | null
  readonly problem: SubletError | null
  readonly onRetry: () => void
}) {
  const { host, toaster } = useApp()
  const [all, setAll] = useState(false)
  const ended = isEnded(job.state)
  const files = outputs?.files ?? []
  const shown = all ? files : files.slice(0, shownAtFirst)
  const act = (work: Promise<void>): void => {
    work.catch((thrown: unknown) => {
      const { message } = toSubletError(thrown)
      toaster.add({ title: 'That did not open', description: message })
    })
  }
  return (
    <Section
      title={ended ? 'Results' : 'Home so far'}
      detail={
        outputs === null || outputs.totalFiles === 0
          ? undefined
          : `${formatCount(outputs.totalFiles, 'file')}, ${formatBytes(outputs.totalBytes)}`
      }
      actions={
        <>
          <code className={styles['folder']} title={job.outputDir}>
            {job.outputDir}
          </code>
          {host.native === null ? null : (
            <Button
              look="quiet"
              icon={<FolderOpen />}
              disabled={outputs?.folderExists !== true}
              onClick={() => act(host.native?.openPath(job.outputDir) ?? Promise.resolve())}
            >
              Open folder
            </Button>
          )}
          <CopyButton text={job.outputDir} label="Copy path of the results" words="Copy path" />
        </>
      }
    >
      {problem === null ? null : <ErrorNotice sentence={problem.message} onRetry={onRetry} />}
      {outputs === null || ended ? null : <MirrorLine outputs={outputs} />}
      {outputs === null || files.length > 0 ? null : (
        <p className={styles['none']}>{noneWords(job, ended)}</p>
      )}
      {files.length === 0 ? null : (
        <ul className={styles['files']}>
          {shown.map((file) => (
            <FileLine
              key={file.path}
              file={file}
              path={joinLocal(job.outputDir, file.path)}
              onReveal={
                host.native === null
                  ? null
                  : (path) => act(host.native?.reveal(path) ?? Promise.resolve())
              }
            />
          ))}
        </ul>
      )}
      {files.length > shown.length || (outputs !== null && outputs.totalFiles > files.length) ? (
        <div className={styles['more']}>
          {files.length > shown.length ? (
            <Button look="quiet" onClick={() => setAll(true)}>
              Show {formatCount(files.length - shown.length, 'more file', 'more files')}
            </Button>
          ) : (
            `and ${formatCount((outputs?.totalFiles ?? 0) - files.length, 'more file')} in the folder`
          )}
        </div>
      ) : null}
    </Section>
  )
}

function noneWords(job: JobSummary, ended: boolean): string {
  if (ended) return 'Nothing came home.'
  if (job.state === 'running') {
    return 'Nothing yet. What the job writes to $SUBLET_OUTPUT comes home while it runs.'
  }
  return job.state === 'interrupted'
    ? 'Nothing had come home before the machine went.'
    : 'Nothing yet: the job has not started.'
}

function FileLine({
  file,
  path,
  onReveal,
}: {
  readonly file: OutputFile
  readonly path: string
  readonly onReveal: ((path: string) => void) | null
}) {
  const { folder, name } = splitPath(file.path)
  return (
    <li className={file.exists ? styles['file'] : `${styles['file']} ${styles['gone']}`}>
      <code className={styles['path']} title={file.path}>
        <span className={styles['dim']}>{folder}</span>
        {name}
      </code>
      <span className={styles['bytes']}>{formatBytes(file.bytes)}</span>
      <span className={styles['when']}>
        {file.exists ? file.at === null ? '' : <Age at={file.at} /> : 'moved or removed here'}
      </span>
      <span className={styles['dim']}>{file.verified ? 'verified' : ''}</span>
      <span className={styles['tools']}>
        {onReveal === null || !file.exists ? null : (
          <IconButton
            label={`Show ${file.path} in its folder`}
            icon={<FolderOpen />}
            onClick={() => onReveal(path)}
          />
        )}
        <CopyButton text={path} label={`Copy the path of ${file.path}`} />
      </span>
    </li>
  )
}
