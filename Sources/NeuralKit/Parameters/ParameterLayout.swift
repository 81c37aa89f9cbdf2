/// Names, shapes and places of a model's parameters inside one flat buffer.
///
/// All parameters lie one after the other, each on a 64-byte boundary, so the optimiser is one pass,
/// a sum over replicas is one call, and a checkpoint is one write. Names and shapes are
/// open_clip's (`visual.layer1.0.conv1.weight`, `[out, in, height, width]`).
package struct ParameterLayout: Sendable {
  package struct Entry: Sendable {
    package let name: String
    package let shape: [Int]
    /// The first float of this parameter in the flat buffer.
    package let offset: Int
    /// Whether weight decay applies (not for norms, biases and the logit scale).
    package let decays: Bool

    package var count: Int { shape.reduce(1, *) }
  }

  package private(set) var entries: [Entry] = []
  package private(set) var count = 0

  package init() {}

  /// Adds a parameter and returns the handle by which a layer finds it.
  package mutating func add(_ name: String, _ shape: [Int], decays: Bool) -> Parameter {
    let entry = Entry(name: name, shape: shape, offset: count, decays: decays)
    entries.append(entry)
    count += (entry.count + 15) / 16 * 16
    return Parameter(index: entries.count - 1, shape: shape, offset: entry.offset)
  }
}

/// A handle to one parameter of a `ParameterLayout`.
package struct Parameter: Sendable, Hashable {
  package let index: Int
  package let shape: [Int]
  package let offset: Int
}

/// Values for every parameter of a layout: the weights, or one replica's gradients, or a moment of
/// the optimiser.
package struct ParameterValues: Sendable {
  package let layout: ParameterLayout
  /// All values, `[layout.count]`; the gaps between parameters stay zero.
  package let flat: Tensor

  /// Zeros.
  package init(layout: ParameterLayout) {
    self.layout = layout
    flat = Tensor(repeating: 0, shape: [layout.count])
  }

  private init(layout: ParameterLayout, flat: Tensor) {
    self.layout = layout
    self.flat = flat
  }

  /// A copy with memory of its own.
  package func copied() -> ParameterValues { ParameterValues(layout: layout, flat: flat.copied()) }

  /// The values of one parameter, a view.
  package subscript(parameter: Parameter) -> Tensor {
    Tensor(
      shape: parameter.shape, storage: flat.storage, offset: flat.offset + parameter.offset)
  }

  /// The values of the entry at `index` of the layout, a view.
  package func entry(_ index: Int) -> Tensor {
    let entry = layout.entries[index]
    return Tensor(
      shape: entry.shape, storage: flat.storage, offset: flat.offset + entry.offset)
  }
}
