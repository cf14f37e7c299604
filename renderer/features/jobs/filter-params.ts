import { noFilter, stateChoices, type JobFilter } from './list-rows.ts'

type Params = Readonly<Record<string, string>>

/** The filter that an address carries; what it does not say is not filtered. */
export function filterOf(params: Params): JobFilter {
  const state = stateChoices.find((choice) => choice === params['state'])
  return {
    text: params['text'] ?? noFilter.text,
    state: state ?? noFilter.state,
    project: params['project'] ?? noFilter.project,
  }
}

/** The same filter as parameters of an address. */
export function paramsOf({ text, state, project }: JobFilter): Params {
  return {
    ...(text === '' ? {} : { text }),
    ...(state === 'all' ? {} : { state }),
    ...(project === null ? {} : { project }),
  }
}
