import { describe } from 'vitest'
import { faultClass } from './classes/lost-machines.ts'
import { holdForSeeds } from './hold-for-seeds.ts'

describe(faultClass.name, () => holdForSeeds(faultClass, 120_000))
