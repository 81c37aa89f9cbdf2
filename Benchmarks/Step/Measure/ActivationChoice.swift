import ArgumentParser
import NeuralKit

/// What happens to activations that backward can compute again.
package enum ActivationChoice: String, Codable, Sendable, CaseIterable, ExpressibleByArgument {
  /// They are kept, as training does.
  case kept
  /// They are computed a second time, which takes less memory.
  case recomputed

  /// The same for an execution.
  var mode: Execution.Activations {
    switch self {
    case .kept: .kept
    case .recomputed: .recomputed
    }
  }
}
