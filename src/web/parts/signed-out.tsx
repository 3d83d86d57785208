/** For anybody without a session. */
export function SignedOut() {
  return (
    <main class="door">
      <img src="/icon.svg" alt="" width="56" height="56" />
      <h1>Deskhand</h1>
      <p>
        Nobody is signed in here. Type <code>dashboard</code> in a thread with the desk, in a direct message to it, or
        in its terminal, and open the link that it answers with.
      </p>
    </main>
  )
}

/** For a page whose member gave way to another one in the same browser. */
export function Replaced({ name }: { name: string }) {
  return (
    <main class="door">
      <img src="/icon.svg" alt="" width="56" height="56" />
      <h1>Deskhand</h1>
      <p role="alert">{name} has signed in in this browser since, so this page has ended.</p>
      <p>
        <a href="/">To the desk of {name}</a>
      </p>
    </main>
  )
}
