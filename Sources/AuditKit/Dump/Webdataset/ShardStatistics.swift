/// What img2dataset writes beside a shard as `00000_stats.json`, with its names and its layout.
///
/// DataComp's tools read `successes` from it. No times: the same shard has the same statistics.
enum ShardStatistics {
  /// The file of a shard of so many pairs, none of which failed.
  static func text(pairs: Int) -> String {
    """
    {
        "count": \(pairs),
        "successes": \(pairs),
        "failed_to_download": 0,
        "failed_to_resize": 0,
        "duration": 0,
        "start_time": 0,
        "end_time": 0,
        "status_dict": {
            "success": \(pairs)
        }
    }
    """
  }
}
