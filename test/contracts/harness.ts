import type { Door, HearingDesk } from '../../src/talk/chat/door.ts'
import type { DoorName } from '../../src/talk/chat/place.ts'

/** Somebody on the platform of the test. */
export interface Person {
  /** The platform's user id. */
  id: string
  name: string
}

/** A picture as a person would get it; where nobody can be told what it shows, `alt` is absent. */
export interface SeenPicture {
  name: string
  alt?: string
  bytes: Buffer
}

/** A message as a person would see it. */
export interface Seen {
  id: string
  text: string
  buttons: string[]
  /** The id of the only person who sees it. */
  privateTo?: string
  /** Whom the platform notifies because of its text: user ids, `everyone`, `here`, groups. It has to be nobody. */
  pings?: string[]
  edited: boolean
  /** The pictures that were posted with it, as they arrived. */
  files?: SeenPicture[]
}

/** A conversation on a local platform, seen from the people's side; one for each door. */
export interface DoorHarness {
  door: DoorName
  /** Can people press buttons here, or only type? */
  buttons: boolean
  /** The door itself, connected: its real client against the local server. */
  connect(desk: HearingDesk): Promise<Door>
  /** Two people who are in the conversation. */
  alice: Person
  bob: Person
  /** Types a message in the thread. */
  say(person: Person, text: string): Promise<void>
  /** Delivers the last message that was said once more, as a platform does when it is not sure. */
  sayAgain(): Promise<void>
  /** Presses the button with this label on the newest message that has it; `twice` delivers the press two times. */
  press(person: Person, label: string, options?: { twice?: boolean }): Promise<void>
  /** The platform's own command, in the channel or thread as the platform allows. */
  command(person: Person, name: string, options: Record<string, string>): Promise<void>
  /** Everything that the desk has said in the thread, oldest first, private messages included. */
  seen(): Seen[]
  close(): Promise<void>
}
