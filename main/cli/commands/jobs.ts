import type { Command } from 'commander'
import type { JobSummary } from '../../../preload/contract/job.ts'
import { formatAge, formatMicros, formatTime } from '../../domain/format.ts'
import { type CliContext, say, sayJson } from '../context.ts'
import { inertLine } from '../format/inert.ts'
import { tableLines } from '../format/table.ts'
import { cutTo } from '../format/width.ts'
import { resolveJobId } from '../resolve-job.ts'
import { detailLines } from '../words/detail-words.ts'
import { providerNames } from '../run/follow-to-end.ts'

/** `sublet jobs` and `sublet show`. */
export function addJobs(program: Command, context: CliContext): void {
  program
    .command('jobs')
    .description('list the jobs, the latest first')
    .option('--json', 'a JSON array')
    .addHelpText('after', '\nExamples:\n  sublet jobs\n  sublet jobs --json')
    .action(async (options: { json?: boolean }) => {
      const api = await context.engine.api()
      const jobs = (await api.jobs.list({})).toSorted((a, b) => b.createdAt - a.createdAt)
      if (options.json === true) sayJson(context, jobs)
      else if (jobs.length === 0) {
        say(context, 'No jobs yet: "sublet run --script PATH" starts one, "sublet demo" shows how.')
      } else for (const line of jobLines(jobs, context.io.now())) say(context, line)
    })
  program
    .command('show')
    .description('everything about one job: state, timeline, machine, receipt, cost')
    .argument('<job>', 'id, beginning of an id, or name')
    .option('--json', 'one JSON object')
    .addHelpText('after', '\nExamples:\n  sublet show train\n  sublet show job-01k9 --json')
    .action(async (word: string, options: { json?: boolean }) => {
      const api = await context.engine.api()
      const detail = await api.jobs.show({ jobId: await resolveJobId(api, word) })
      if (options.json === true) sayJson(context, detail)
      else {
        const names = await providerNames(api)
        for (const line of detailLines(detail, names, context.io.now(), context.style))
          say(context, line)
      }
    })
}

function jobLines(jobs: readonly JobSummary[], now: number): readonly string[] {
  return tableLines(jobs, [
    { title: 'JOB', value: (job) => job.id },
    { title: 'NAME', value: (job) => cutTo(inertLine(job.name), 30) },
    { title: 'STATE', value: (job) => job.state },
    { title: '%', right: true, value: (job) => String(Math.round(job.progress.fraction * 100)) },
    {
      title: 'COST',
      right: true,
      value: (job) => `${formatMicros(job.costMicros)}${job.settled ? '' : '…'}`,
    },
    { title: '', value: (job) => (job.offer?.simulated === true ? '(simulated)' : '') },
    {
      title: 'EXIT',
      right: true,
      value: (job) => (job.exitCode === null ? '' : String(job.exitCode)),
    },
    { title: 'SUBMITTED', value: (job) => formatAge(job.createdAt, now) },
    {
      title: 'ENDS BY',
      value: (job) =>
        job.endBy === null || job.settled ? '' : formatTime(job.endBy, { near: now }),
    },
  ])
}
