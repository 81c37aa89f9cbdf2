/// Wall-clock times of a repeated piece of work.
struct Timing: Sendable {
  /// Seconds, ascending; at least one.
  let seconds: [Double]

  /// Repeats `body` until it took `duration` seconds in all, and at least `minimumCount` times, after
  /// one uncounted time.
  init(duration: Double, minimumCount: Int, _ body: () -> Void) {
    body()
    var seconds: [Double] = []
    let start = ContinuousClock.now
    repeat {
      let before = ContinuousClock.now
      body()
      seconds.append((ContinuousClock.now - before).inSeconds)
    } while (ContinuousClock.now - start).inSeconds < duration || seconds.count < minimumCount
    self.seconds = seconds.sorted()
  }

  var median: Double {
    let middle = seconds.count / 2
    return seconds.count % 2 == 1
      ? seconds[middle] : (seconds[middle - 1] + seconds[middle]) / 2
  }

  var fastest: Double { seconds[0] }
}

extension Duration {
  /// This time in seconds.
  var inSeconds: Double {
    Double(components.seconds) + Double(components.attoseconds) * 1e-18
  }
}
