package dev.kcm.core.informer;

import java.util.Collection;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
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
  private final AtomicBoolean logged = new AtomicBoolean();

  IndexFunction(String name, Function<? super T, ? extends Collection<String>> function) {
    this.name = name;
    this.function = function;
  }

  Collection<String> values(T object) {
    try {
      return function.apply(object);
    } catch (RuntimeException | StackOverflowError | AssertionError failed) {
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
}
