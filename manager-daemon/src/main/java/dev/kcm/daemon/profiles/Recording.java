package dev.kcm.daemon.profiles;

import dev.kcm.daemon.profiles.StackProfile.Amount;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordingFile;

/**
 * What can be recorded over some time.
 *
 * <p>Immutable.
 */
final class Recording {

  /** Between two samples of a thread. */
  static final Duration CPU_PERIOD = Duration.ofMillis(10);

  /** Where time goes on the processors. */
  static final Recording CPU =
      new Recording(
          Map.of("jdk.ExecutionSample", "period=10 ms"),
          CPU_PERIOD,
          event -> CPU_PERIOD.toNanos(),
          List.of(new Amount("samples", "count"), new Amount("cpu", "nanoseconds")));

  /** Where memory is asked for. */
  static final Recording ALLOCATIONS =
      new Recording(
          Map.of("jdk.ObjectAllocationSample", "throttle=1000/s"),
          Duration.ZERO,
          event -> event.getLong("weight"),
          List.of(new Amount("alloc_objects", "count"), new Amount("alloc_space", "bytes")));

  private static final List<Amount> DELAYS =
      List.of(new Amount("contentions", "count"), new Amount("delay", "nanoseconds"));

  /** Where threads wait for a monitor that another holds. */
  static final Recording CONTENTION =
      new Recording(
          Map.of("jdk.JavaMonitorEnter", "threshold=1 ms"),
          Duration.ZERO,
          event -> event.getDuration().toNanos(),
          DELAYS);

  /** Where threads wait for anything. */
  static final Recording BLOCKING =
      new Recording(
          Map.of(
              "jdk.JavaMonitorEnter", "threshold=1 ms",
              "jdk.JavaMonitorWait", "threshold=1 ms",
              "jdk.ThreadPark", "threshold=1 ms"),
          Duration.ZERO,
          event -> event.getDuration().toNanos(),
          DELAYS);

  private static final long MOST_BYTES = 64L << 20;

  private final Map<String, String> settingByEvent;
  private final Duration period;
  private final ToLongFunction<RecordedEvent> amount;
  private final List<Amount> amounts;

  private Recording(
      Map<String, String> settingByEvent,
      Duration period,
      ToLongFunction<RecordedEvent> amount,
      List<Amount> amounts) {
    this.settingByEvent = settingByEvent;
    this.period = period;
    this.amount = amount;
    this.amounts = amounts;
  }

  /** What lies between two samples, in the unit of the last amount; 0 where nothing does. */
  long period() {
    return period.toNanos();
  }

  /** A profile of nothing. */
  StackProfile empty() {
    return new StackProfile(amounts.toArray(Amount[]::new));
  }

  /**
   * Starts to record.
   *
   * @param longest after which it ends by itself
   */
  jdk.jfr.Recording start(Duration longest) {
    jdk.jfr.Recording recording = new jdk.jfr.Recording();
    recording.setName("pprof");
    recording.setToDisk(true);
    recording.setMaxSize(MOST_BYTES);
    recording.setDuration(longest);
    settingByEvent.forEach(
        (event, setting) -> {
          String[] parts = setting.split("=", 2);
          recording.enable(event).withStackTrace().with(parts[0], parts[1]);
        });
    recording.start();
    return recording;
  }

  /** Reads the stacks of a file. */
  StackProfile read(Path file) throws IOException {
    StackProfile profile = empty();
    try (RecordingFile events = new RecordingFile(file)) {
      while (events.hasMoreEvents()) {
        RecordedEvent event = events.readEvent();
        if (settingByEvent.containsKey(event.getEventType().getName())
            && event.getStackTrace() != null) {
          List<Frame> stack =
              event.getStackTrace().getFrames().stream().map(Recording::frame).toList();
          if (!stack.isEmpty()) {
            profile.add(stack, 1, amount.applyAsLong(event));
          }
        }
      }
    }
    return profile;
  }

  private static Frame frame(RecordedFrame frame) {
    String type = frame.getMethod().getType().getName();
    String file = type.substring(type.lastIndexOf('.') + 1).replaceFirst("\\$.*", "") + ".java";
    return new Frame(
        type + "." + frame.getMethod().getName(), file, Math.max(frame.getLineNumber(), 0));
  }
}
