import { keyList } from './keys.tsx'

/** The keys of the page. */
export function KeyTable() {
  return (
    <table>
      <tbody>
        {keyList.map(([keys, does]) => (
          <tr key={keys}>
            <th scope="row">
              <kbd>{keys}</kbd>
            </th>
            <td>{does}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
