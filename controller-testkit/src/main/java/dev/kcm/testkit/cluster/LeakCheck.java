package dev.kcm.testkit.cluster;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Finds what a piece of work leaves behind: threads that still run, and meters other than {@code
 * rest_client_*}, which clients of one registry share for good.
 *
 * <pre>{@code
 * LeakCheck leaks = LeakCheck.begin();
 * ... // start, use and close
 * leaks.check(Duration.ofSeconds(5), meters);
 * }</pre>
 *
 * <p>Idle threads of the shared pool of {@code Environment.system()} do not count, nor do those of
 * the JVM, of JUnit and of the JDK's HTTP client, which end by themselves.
 *
 * <p>Immutable.
 */
public final class LeakCheck {

  private static final Pattern HARMLESS =
      Pattern.compile(
          "(pool|timers)-\\d+|(HttpClient-|CachedSingleThreadScheduler|ForkJoinPool|junit|surefire|awaitility).*|Keep-Alive-.*|Attach"
              + " Listener|process reaper.*|Common-Cleaner|Cleaner-.*");

  /** Clients of one registry share these; they are counters of the process. */
  private static final String SHARED = "rest_client_";

  private static final int POLL_MILLIS = 5;

  private final Set<Thread> before;

  private LeakCheck(Set<Thread> before) {
    this.before = before;
  }

  /** Notes what is there now. */
  public static LeakCheck begin() {
    return new LeakCheck(Set.copyOf(Thread.getAllStackTraces().keySet()));
  }

  /**
   * Checks that threads which began since then have ended, and that the registry has no meters.
   *
   * @param patience how long threads may take to end
   * @throws AssertionError naming everything that was left behind
   */
  public void check(Duration patience, MeterRegistry meters) {
    List<String> leaks = new ArrayList<>();
    Set<String> threads = threadsLeft(patience);
    if (!threads.isEmpty()) {
      leaks.add("threads still run: " + String.join(", ", threads));
    }
    Set<String> names = new TreeSet<>();
    meters.getMeters().stream()
        .map(meter -> meter.getId().getName())
        .filter(name -> !name.startsWith(SHARED))
        .forEach(names::add);
    if (!names.isEmpty()) {
      leaks.add("meters were not removed: " + String.join(", ", names));
    }
    if (!leaks.isEmpty()) {
      throw new AssertionError(String.join("; ", leaks));
    }
  }

  private Set<String> threadsLeft(Duration patience) {
    long begin = System.nanoTime();
    while (true) {
      List<Thread> left = new ArrayList<>();
      for (Thread thread : Thread.getAllStackTraces().keySet()) {
        if (thread.isAlive() && !before.contains(thread) && !isHarmless(thread)) {
          left.add(thread);
        }
      }
      if (left.isEmpty() || System.nanoTime() - begin > patience.toNanos()) {
        Set<String> names = new TreeSet<>();
        left.forEach(thread -> names.add(thread.getName()));
        return names;
      }
      joinBriefly(left.get(0));
    }
  }

  private static boolean isHarmless(Thread thread) {
    return thread == Thread.currentThread() || HARMLESS.matcher(thread.getName()).matches();
  }

  private static void joinBriefly(Thread thread) {
    try {
      thread.join(POLL_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted while waiting for " + thread.getName(), e);
    }
  }
}
