import { faultClass } from './classes/hostile-data.ts'
import { holdForSeeds } from './hold-for-seeds.ts'

holdForSeeds(faultClass, 180_000)
