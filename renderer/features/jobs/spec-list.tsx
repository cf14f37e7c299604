import type { JobDetail } from '../../../preload/contract/job.ts'
import { useApp } from '../../app/app-context.ts'
import { routePath } from '../../app/routes.ts'
import facts from '../../ui/facts.module.css'
import { specFacts } from './spec-facts.ts'

/** The job as it was understood at submit. */
export function SpecList({ detail: { spec, inputsOf } }: { readonly detail: JobDetail }) {
  const { jobs } = useApp()
  const first = inputsOf === null ? undefined : jobs.getState().jobs?.get(inputsOf)
  return (
    <dl className={facts['facts']}>
      {inputsOf === null ? null : (
        <>
          <dt>Runs again</dt>
          <dd>
            <a href={`#${routePath({ page: 'job', jobId: inputsOf, params: {} })}`}>
              {first?.name ?? inputsOf}
            </a>
            , with the files that were frozen for it
          </dd>
        </>
      )}
      {specFacts(spec).map(({ name, value }) => (
        <div key={name} style={{ display: 'contents' }}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}
