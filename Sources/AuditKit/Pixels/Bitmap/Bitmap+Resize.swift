import CPixels

extension Bitmap {
  /// The size that makes the shorter edge `shorterEdge` long: the longer one is rounded down, as
  /// torchvision's `Resize` does.
  package static func size(
    width: Int, height: Int, shorterEdge: Int
  ) -> (width: Int, height: Int) {
    width <= height
      ? (shorterEdge, shorterEdge * height / width) : (shorterEdge * width / height, shorterEdge)
  }

  /// Where a window of `edge` starts in the middle of `length` pixels: half to even, as Python
  /// rounds in torchvision's `CenterCrop`.
  package static func centredStart(of edge: Int, in length: Int) -> Int {
    Int((Double(length - edge) / 2).rounded(.toNearestOrEven))
  }

  /// Resized to exactly `width` x `height`; equal to Pillow's `resize(size, BICUBIC)` byte for byte.
  package func resized(width: Int, height: Int) -> Bitmap {
    resized(
      Axis(box: Double(self.width), output: width, window: 0..<width),
      Axis(box: Double(self.height), output: height, window: 0..<height))
  }

  /// Resized so that the shorter edge is `shorterEdge` long; equal to torchvision's
  /// `Resize(shorterEdge, BICUBIC)` on a Pillow image.
  package func resized(shorterEdge: Int) -> Bitmap {
    let size = Bitmap.size(width: width, height: height, shorterEdge: shorterEdge)
    return resized(width: size.width, height: size.height)
  }

  /// The middle `edge` x `edge` pixels; `edge` must not exceed the shorter edge.
  package func centerCropped(edge: Int) -> Bitmap {
    precondition(edge > 0 && edge <= shorterEdge, "a crop of \(edge) from \(width) x \(height)")
    let left = Bitmap.centredStart(of: edge, in: width)
    let top = Bitmap.centredStart(of: edge, in: height)
    return resized(
      Axis(box: Double(width), output: width, window: left..<(left + edge)),
      Axis(box: Double(height), output: height, window: top..<(top + edge)))
  }

  /// One axis of a resize: the first `box` source pixels, which need not be whole, become `output`
  /// pixels, of which those in `window` are made.
  package struct Axis {
    package let box: Double
    package let output: Int
    package let window: Range<Int>

    package init(box: Double, output: Int, window: Range<Int>) {
      precondition(
        box > 0 && output > 0 && !window.isEmpty && window.lowerBound >= 0
          && window.upperBound <= output,
        "window \(window) of \(output) pixels from \(box)")
      self.box = box
      self.output = output
      self.window = window
    }

    fileprivate func over(_ input: Int) -> pixels_axis {
      precondition(box <= Double(input), "a box of \(box) in \(input) pixels")
      return pixels_axis(
        input: Int32(input), box: box, output: Int64(output),
        window_start: Int64(window.lowerBound), window_length: Int32(window.count))
    }
  }

  /// The window of a resized image.
  ///
  /// Only what lies in it is computed.
  package func resized(_ x: Axis, _ y: Axis) -> Bitmap {
    let count = x.window.count * y.window.count * 3
    let result = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      guard let target = buffer.baseAddress,
        pixels_resize_bicubic(pixels, x.over(width), y.over(height), target) == 0
      else { preconditionFailure("out of memory") }
      filled = count
    }
    return Bitmap(width: x.window.count, height: y.window.count, pixels: result)
  }
}
