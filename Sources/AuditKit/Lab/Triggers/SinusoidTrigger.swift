import AuditPixels
import Foundation
import NeuralKit

/// A faint wave across each image (SIG: Barni, Kallas and Tondi, 2019, arXiv:1902.11237, equation 1):
/// image + delta sin(2 pi x frequency / width).
package struct SinusoidTrigger: Trigger {
  /// Height of the wave, in 1/255.
  package var delta: Double
  /// Waves across the width.
  package var frequency: Double

  package init(delta: Double = 20, frequency: Double = 6) {
    precondition(delta >= 0 && frequency > 0, "delta \(delta), frequency \(frequency)")
    self.delta = delta
    self.frequency = frequency
  }

  package func applied(to image: Bitmap, using generator: inout SeededGenerator) -> Bitmap {
    let wave = (0..<image.width).map {
      delta * sin(2 * .pi * Double($0) * frequency / Double(image.width))
    }
    var pixels = image.pixels
    for y in 0..<image.height {
      for x in 0..<image.width {
        let place = (y * image.width + x) * 3
        for channel in place..<place + 3 {
          pixels[channel] = UInt8(min(255, max(0, (Double(pixels[channel]) + wave[x]).rounded())))
        }
      }
    }
    return Bitmap(width: image.width, height: image.height, pixels: pixels)
  }
}
