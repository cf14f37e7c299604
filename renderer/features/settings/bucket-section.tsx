import { useEffect, useMemo, useRef, useState } from 'react'
import { useStore } from 'zustand'
import type { BucketConfig } from '../../../preload/contract/bucket.ts'
import { useApp } from '../../app/app-context.ts'
import { Button } from '../../ui/button.tsx'
import { Confirm } from '../../ui/confirm.tsx'
import { Loading } from '../../ui/empty-state.tsx'
import { ErrorNotice } from '../../ui/error-notice.tsx'
import { Section } from '../../ui/page.tsx'
import { BucketForm } from './bucket-form.tsx'
import { createBucketStore } from './bucket-store.ts'
import styles from './bucket.module.css'

/** Where results may wait that would take too long to come home: see it, set it, check it, forget it. */
export function BucketSection() {
  const { engine } = useApp()
  const store = useMemo(() => createBucketStore(engine), [engine])
  const { config, problem, answer, checking } = useStore(store.state)
  const connected = useStore(engine.link, ({ kind }) => kind === 'connected')
  const [editing, setEditing] = useState(false)
  const [removing, setRemoving] = useState(false)
  const [said, setSaid] = useState('')
  const change = useRef<HTMLButtonElement>(null)
  useEffect(() => {
    if (connected) void store.load()
  }, [store, connected])
  const wasEditing = useRef(false)
  useEffect(() => {
    // Its fields are gone: the focus goes back to what opened it.
    if (wasEditing.current && !editing) change.current?.focus()
    wasEditing.current = editing
  }, [editing])
  const isSet = config !== null && config !== undefined
  return (
    <Section
      title="Bucket for results"
      detail="where results wait that would keep a machine too long"
    >
      <p className={styles['help']}>
        Results that go by way of a bucket are there at the speed of the data centre, and the
        machine is given back at once; they come home from the bucket. You choose so for each job
        under Run, Comes home. It has to be an S3-compatible server that compares what it receives.
      </p>
      {problem === null ? null : (
        <ErrorNotice sentence={problem} onRetry={() => void store.load()} />
      )}
      {config === undefined && problem === null ? <Loading what="the bucket" /> : null}
      {isSet && !editing ? <BucketFacts config={config} /> : null}
      {editing ? (
        <BucketForm
          config={config ?? null}
          onCancel={() => setEditing(false)}
          onSubmit={async (next, secretKey) => {
            const kept = await store.set(next, secretKey)
            setSaid(`Results may wait in ${next.bucket}. ${kept}`)
            setEditing(false)
          }}
        />
      ) : null}
      {config === undefined || editing ? null : (
        <div className={styles['actions']}>
          {isSet ? (
            <Button
              busy={checking}
              onClick={() => {
                setSaid('')
                void store.check()
              }}
            >
              {checking ? 'Checking…' : 'Check'}
            </Button>
          ) : null}
          <Button ref={change} look={isSet ? 'quiet' : 'normal'} onClick={() => setEditing(true)}>
            {isSet ? 'Change' : 'Set a bucket'}
          </Button>
          {isSet ? (
            <Button look="quiet" onClick={() => setRemoving(true)}>
              Remove
            </Button>
          ) : null}
        </div>
      )}
      <p className={styles['said']} role="status">
        {answer?.ok === true ? answer.sentence : said}
      </p>
      {answer?.ok === false ? <ErrorNotice sentence={answer.sentence} /> : null}
      <Confirm
        open={removing}
        onClose={() => setRemoving(false)}
        title={`Forget the bucket ${config?.bucket ?? ''}?`}
        action="Remove"
        danger
        onConfirm={async () => {
          await store.remove()
          setSaid('The bucket is forgotten; what lies there stays.')
        }}
      >
        Its key is forgotten here, and what lies in the bucket stays. Results that still wait there
        do not come home before it is set again.
      </Confirm>
    </Section>
  )
}

function BucketFacts({ config }: { readonly config: BucketConfig }) {
  const { bucket, prefix, endpoint, region, accessKeyId, deleteWhenHome } = config
  return (
    <dl className={styles['facts']}>
      <dt>Bucket</dt>
      <dd className={styles['mono']}>
        {bucket}
        {prefix === '' ? '' : `/${prefix}`}
      </dd>
      <dt>Server</dt>
      <dd className={styles['mono']}>
        {endpoint ?? 'Amazon S3'}, {region}
      </dd>
      <dt>Key</dt>
      <dd className={styles['mono']}>{accessKeyId}</dd>
      <dt>Once home</dt>
      <dd>{deleteWhenHome ? 'deleted there' : 'kept there'}</dd>
    </dl>
  )
}
