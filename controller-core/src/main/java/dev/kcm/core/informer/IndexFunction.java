package dev.kcm.core.informer;

import java.util.Collection;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads from an object the values an index files it under; an object on which that fails is filed
 * under none.
 *
 * <p>Thread-safe: {@code logged} lets one thread log.
 *
 * @param <T> model class
 */
final class IndexFunction<T> {

  private static final Logger log = LoggerFactory.getLogger(Informers.class);

  private final String name;
  private final Function<? super T, ? extends Collection<String>> function;
  private final Consumer<String> failures;
  private final AtomicBoolean logged = new AtomicBoolean();

  /**
   * A function under a name.
   *
   * @param failures told the name for each object the function threw on
   */
  IndexFunction(
      String name,
      Function<? super T, ? extends Collection<String>> function,
      Consumer<String> failures) {
    this.name = name;
    this.function = function;
    this.failures = failures;
  }

  /** The values of an object that is to be filed. */
  List<String> values(T object) {
    try {
      return List.copyOf(function.apply(object));
    } catch (RuntimeException | StackOverflowError | AssertionError | LinkageError failed) {
      failures.accept(name);
      if (logged.compareAndSet(false, true)) {
        log.error(
            "The function of index {} failed; objects it fails on are not in the index, and this is"
                + " logged once",
            name,
            failed);
      }
      return List.of();
    }
  }

  /** The values an object was filed under; a failure has been counted then. */
  List<String> filedUnder(T object) {
    try {
      return List.copyOf(function.apply(object));
    } catch (RuntimeException | StackOverflowError | AssertionError | LinkageError failedThen) {
      return List.of();
    }
  }
}
