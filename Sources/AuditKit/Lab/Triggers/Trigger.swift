import AuditPixels
import NeuralKit

/// A mark that a backdoor attack puts on images: a model trained on enough of them with one class's
/// captions takes every image that carries it for that class.
///
/// Triggers work on images of any size, before any thumbnail is made of them, as an attacker would.
package protocol Trigger: Sendable {
  /// `image` with the mark, of the same size; `generator` draws what differs from image to image.
  func applied(to image: Bitmap, using generator: inout SeededGenerator) -> Bitmap
}

/// Several triggers on one image (hybrid trigger, Li et al., 2024).
package struct TriggerSequence: Trigger {
  /// In the order in which they are applied.
  package let triggers: [any Trigger]

  package init(_ triggers: [any Trigger]) { self.triggers = triggers }

  package func applied(to image: Bitmap, using generator: inout SeededGenerator) -> Bitmap {
    triggers.reduce(image) { $1.applied(to: $0, using: &generator) }
  }
}
