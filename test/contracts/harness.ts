import type { Door, HearingDesk } from '../../src/talk/chat/door.ts'
import type { DoorName } from '../../src/talk/chat/place.ts'

/** A person on the platform of the test. */
export interface Person {
  /** The platform's user id. */
  id: string
  name: string
}

/** A picture as a person gets it; `alt` is absent when the platform has no descriptions. */
export interface SeenPicture {
  name: string
  alt?: string
  bytes: Buffer
}

/** A message as a person sees it. */
export interface Seen {
  id: string
  text: string
  buttons: string[]
  /** The id of the only person who sees it. */
  privateTo?: string
  /** The ids that the platform notifies because of its text: users, `everyone`, `here`, groups. It must be empty. */
  pings?: string[]
  edited: boolean
  /** The word of the coloured strip below the text, if people see one. */
  strip?: string
  /** The table in the message, if it has one, below its heads. */
  table?: string[][]
  /** The pictures in the message, as they arrived. */
  files?: SeenPicture[]
}

/** A conversation on a local platform, from the people's side; one for each door. Its place and its people may change. */
export interface DoorHarness {
  door: DoorName
  /** Can people press buttons here, or only type? */
  buttons: boolean
  /** The connected door: its real client against the local server. */
  connect(desk: HearingDesk): Promise<Door>
  /** Two people who are in the conversation. */
  readonly alice: Person
  readonly bob: Person
  /** From now on alice and bob are new people of the same names, in a new place. A terminal has neither. */
  moveOn(): Promise<void>
  /** Types a message in the thread. */
  say(person: Person, text: string): Promise<void>
  /** Delivers the last message again, as a platform does when it is not sure. */
  sayAgain(): Promise<void>
  /** Presses the button with this label on the newest message that has it; `twice` delivers the press two times. */
  press(person: Person, label: string, options?: { twice?: boolean }): Promise<void>
  /** Presses a button that opens a form, fills the form in and sends it. */
  fill(person: Person, label: string, ...texts: string[]): Promise<void>
  /** Uses the platform's own command, in the channel or thread as the platform allows. */
  command(person: Person, name: string, options: Record<string, string>): Promise<void>
  /** Answers the next edits of messages with 429; absent where none is edited. */
  refuseEdits?(times: number): void
  /** The desk's messages in the thread, oldest first, including private ones. */
  seen(): Seen[]
  close(): Promise<void>
}
