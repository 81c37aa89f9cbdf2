import CKernels

/// The fast backend: OpenBLAS and oneDNN for products and convolutions, vectorised C for the rest.
///
/// Every operation works on the calling thread alone; several threads may use one backend.
package struct CPUBackend: Backend, Sendable {
  /// The instruction set of the pointwise kernels.
  package enum Level: Int32, Sendable, CaseIterable {
    /// What every CPU of the architecture has.
    case baseline = 0
    case avx2 = 1
    case avx512 = 2

    /// The best level of this processor.
    package static var best: Level { Level(rawValue: ck_best_level().rawValue) ?? .baseline }

    /// The levels that this processor can run, from the lowest.
    package static var available: [Level] { allCases.filter { $0.rawValue <= best.rawValue } }
  }

  package let level: Level

  /// The table of the level's kernels, constant memory of the program.
  ///
  /// Looked up at each use, which costs a call and two comparisons: a stored pointer is not `Sendable`.
  var kernels: UnsafePointer<CKKernels> { ck_kernels(CKLevel(rawValue: level.rawValue)) }

  /// A backend with the best kernels of this processor, or those of a lower level.
  package init(level: Level = .best) {
    precondition(level.rawValue <= Level.best.rawValue, "this processor has no \(level) kernels")
    self.level = level
  }
}

extension Tensor {
  /// Traps unless the shape is the one that an operation needs, naming both.
  func require(_ expected: [Int], _ role: String, _ operation: String = #function) {
    precondition(shape == expected, "\(operation): \(role) has shape \(shape), needs \(expected)")
  }

  /// Traps unless there are `count` elements; for vectors whose shape may carry leading ones.
  func require(count expected: Int, _ role: String, _ operation: String = #function) {
    precondition(
      count == expected, "\(operation): \(role) has shape \(shape), needs \(expected) elements")
  }

  /// Traps unless there are `expected` axes.
  func require(axes expected: Int, _ role: String, _ operation: String = #function) {
    precondition(
      shape.count == expected, "\(operation): \(role) has shape \(shape), needs \(expected) axes")
  }
}
