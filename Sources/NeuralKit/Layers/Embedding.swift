/// A table of `count` rows, one for each token; the context is the tokens.
package struct Embedding: Sendable {
  /// `[count, width]`.
  package let table: Parameter

  package init(
    _ name: String, count: Int, width: Int, _ start: InitialValues, in layout: inout ModelLayout
  ) {
    table = layout.parameter("\(name).weight", [count, width], decays: true, start)
  }

  /// The rows of `tokens`, `[tokens.count, width]`.
  ///
  /// Each token must be a row of the table.
  package func forward(_ tokens: [Int32], _ execution: Execution) -> Tensor {
    execution.backend.gatherRows(execution[table], tokens)
  }

  package func backward(_ gradient: Tensor, _ tokens: [Int32], _ execution: Execution) {
    execution.backend.accumulateRows(gradient, tokens, into: execution.gradient(of: table))
  }
}
