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
