export { announcePosition, hearPositions } from '../queue/announce.ts'
