import Foundation

/// How the machine's cores were used up to a moment: tells whether a measurement had them to itself.
struct CoreUse: Sendable {
  /// Seconds of all cores together since the machine started: at work, and in all.
  private let busy: Double
  private let total: Double
  /// Seconds of this process and the children it waited for.
  private let own: Double

  /// Up to now.
  init() {
    let ticks = Double(sysconf(Int32(_SC_CLK_TCK)))
    let text = (try? String(contentsOfFile: "/proc/stat", encoding: .utf8)) ?? ""
    // cpu user nice system idle iowait irq softirq steal
    let fields = text.prefix { $0 != "\n" }.split(separator: " ").dropFirst().prefix(8)
      .compactMap { Double($0) }
    total = fields.reduce(0, +) / ticks
    busy = fields.count == 8 ? total - (fields[3] + fields[4]) / ticks : 0
    own = [RUSAGE_SELF, RUSAGE_CHILDREN].reduce(0) { $0 + Self.seconds(of: $1.rawValue) }
  }

  /// The share of all cores that others used since `start`.
  func othersShare(since start: CoreUse) -> Double {
    let elapsed = total - start.total
    guard elapsed > 0 else { return 0 }
    return min(1, max(0, (busy - start.busy) - (own - start.own)) / elapsed)
  }

  private static func seconds(of who: Int32) -> Double {
    var usage = rusage()
    getrusage(who, &usage)
    return [usage.ru_utime, usage.ru_stime]
      .reduce(0) { $0 + Double($1.tv_sec) + Double($1.tv_usec) * 1e-6 }
  }
}
