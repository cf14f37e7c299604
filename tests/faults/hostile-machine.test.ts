import { faultClass } from './classes/hostile-machine.ts'
import { holdForSeeds } from './hold-for-seeds.ts'

holdForSeeds(faultClass, 120_000)
