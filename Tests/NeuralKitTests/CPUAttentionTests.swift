import NeuralKit
import Testing

@Suite struct CPUAttentionTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let batch: Int
    let heads: Int
    let width: Int
    let queries: Int
    let keys: Int
    let causal: Bool

    var testDescription: String {
      "\(batch) items, \(heads) heads of \(width), \(queries) queries, \(keys) keys"
        + (causal ? ", causal" : "")
    }
  }

  static let cases = [
    Case(batch: 1, heads: 1, width: 1, queries: 1, keys: 1, causal: false),
    Case(batch: 3, heads: 2, width: 3, queries: 1, keys: 5, causal: false),
    Case(batch: 2, heads: 4, width: 64, queries: 1, keys: 50, causal: false),
    Case(batch: 2, heads: 3, width: 17, queries: 5, keys: 17, causal: false),
    Case(batch: 3, heads: 2, width: 16, queries: 17, keys: 17, causal: true),
    Case(batch: 2, heads: 2, width: 64, queries: 77, keys: 77, causal: true),
    Case(batch: 1, heads: 2, width: 64, queries: 50, keys: 50, causal: false),
    Case(batch: 2, heads: 1, width: 8, queries: 1, keys: 1, causal: true),
  ]

  @Test(arguments: cases) func attentionEqualsPlainLoops(_ tested: Case) {
    let reference = CPUComparison.reference
    let width = tested.heads * tested.width
    // Queries stand alone; keys and values are columns of one matrix, with others around them.
    let queries = CPUComparison.normal(tested.batch * tested.queries, width)
    let packed = CPUComparison.normal(tested.batch * tested.keys, 2 * width + 3, stream: 1)
    let key = ColumnSlice(packed, start: 2, width: width)
    let value = ColumnSlice(packed, start: width + 3, width: width)
    for backend in CPUComparison.backends {
      let (output, probabilities) = backend.attention(
        query: ColumnSlice(queries), key: key, value: value, batch: tested.batch,
        heads: tested.heads, causal: tested.causal)
      let expected = reference.attention(
        query: ColumnSlice(queries), key: key, value: value, batch: tested.batch,
        heads: tested.heads, causal: tested.causal)
      expectClose(output, expected.output, tolerance: 4e-6, "output, \(backend.level)")
      expectClose(
        probabilities, expected.probabilities, tolerance: 2e-6, "probabilities, \(backend.level)")

      let gradient = CPUComparison.normal(output.shape, stream: 2)
      let gradients = [backend as any Backend, reference].map { backend in
        // Columns that belong to nobody must stay as they are.
        let queryGradient = Tensor(repeating: 9, shape: queries.shape)
        let packedGradient = Tensor(repeating: 9, shape: packed.shape)
        backend.attentionBackward(
          gradient, probabilities: expected.probabilities, query: ColumnSlice(queries), key: key,
          value: value, batch: tested.batch, heads: tested.heads,
          queryGradient: ColumnSlice(queryGradient),
          keyGradient: ColumnSlice(packedGradient, start: 2, width: width),
          valueGradient: ColumnSlice(packedGradient, start: width + 3, width: width))
        return (query: queryGradient, packed: packedGradient)
      }
      expectClose(gradients[0].query, gradients[1].query, tolerance: 4e-6, "query gradient")
      expectClose(gradients[0].packed, gradients[1].packed, tolerance: 4e-6, "key, value gradient")
    }
  }

  @Test func hiddenKeysHaveNoProbability() {
    let packed = CPUComparison.normal(2 * 19, 3 * 32)
    let (_, probabilities) = CPUBackend().attention(
      query: ColumnSlice(packed, start: 0, width: 32),
      key: ColumnSlice(packed, start: 32, width: 32),
      value: ColumnSlice(packed, start: 64, width: 32), batch: 2, heads: 4, causal: true)
    for (index, probability) in probabilities.scalars.enumerated() {
      let (query, key) = (index / 19 % 19, index % 19)
      #expect(key <= query ? probability > 0 : probability == 0)
    }
  }
}
