import Foundation

/// The trained temperature of CLIP: similarities are multiplied by `s = exp(parameter)`.
package struct LogitScale: Sendable {
  /// The logarithm of the scale, a single number.
  package let parameter: Parameter

  /// CLIP's bound of `s` (Radford et al., 2021, section 2.5).
  package static let defaultLimit: Float = 100

  /// Starts at `s = 1 / 0.07`, as CLIP.
  package init(
    _ name: String = "logit_scale", start: Float = Foundation.log(Float(1 / 0.07)),
    in layout: inout ModelLayout
  ) {
    parameter = layout.parameter(name, [], decays: false, .constant(start))
  }

  /// `s`.
  package func scale(_ execution: Execution) -> Float {
    Foundation.exp(execution[parameter].scalar)
  }

  /// Adds the gradient with respect to the parameter, given `logits = s * similarities` and the loss's
  /// gradient with respect to them: `Σ gradient * logits`.
  func accumulate(_ gradient: Tensor, logits: Tensor, _ execution: Execution) {
    let slope = execution.backend.innerProduct(gradient, logits)
    execution.gradient(of: parameter)[element: 0] += Float(slope)
  }

  /// Brings the parameter back into its range, `1 <= s <= limit`.
  ///
  /// One replica calls it, between steps.
  package func clamp(_ parameters: ParameterValues, limit: Float = defaultLimit) {
    let value = parameters[parameter]
    value[element: 0] = min(max(value.scalar, 0), Foundation.log(limit))
  }

  /// Starts training at `s = scale`, whatever the parameter was.
  package func start(_ parameters: ParameterValues, at scale: Float) {
    parameters[parameter][element: 0] = Foundation.log(scale)
  }
}
