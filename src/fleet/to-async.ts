/** What can be iterated over, as an asynchronous iteration. */
export async function* toAsync<Input>(
  inputs: AsyncIterable<Input> | Iterable<Input>,
): AsyncGenerator<Input, void, undefined> {
  yield* inputs;
}
