import { describe } from 'vitest'
import { faultClass } from './classes/canaries.ts'
import { holdForSeeds } from './hold-for-seeds.ts'

describe(faultClass.name, () => holdForSeeds(faultClass, 90_000))
