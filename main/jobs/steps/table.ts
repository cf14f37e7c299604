import type { StepTable } from '../runner.ts'
import { abandon } from './abandon.ts'
import { boot } from './boot.ts'
import { choose } from './choose.ts'
import { collect } from './collect.ts'
import { connect } from './connect.ts'
import { fetchStored } from './fetch-stored.ts'
import { finish } from './finish.ts'
import { freeze } from './freeze.ts'
import { launch } from './launch.ts'
import { release } from './release.ts'
import { run } from './run.ts'
import { stage } from './stage.ts'

/** The real steps of a job's life. */
export const stepTable: StepTable = {
  freeze,
  choose,
  launch,
  boot,
  connect,
  stage,
  run,
  collect,
  release,
  abandon,
  fetch: fetchStored,
  finish,
}
