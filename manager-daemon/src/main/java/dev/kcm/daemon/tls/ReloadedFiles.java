package dev.kcm.daemon.tls;

import dev.kcm.core.time.Environment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What files say, read again when their content changes.
 *
 * <p>Content is compared every ten seconds, because the usual ways to renew a certificate (a
 * rename, a symbolic link that moves, a bind mount) do not all show in times or notifications. A
 * new content that cannot be used is logged and counted once; what was read before stays.
 *
 * <p>{@link #get} is thread-safe; everything else is confined to the watching executor.
 *
 * @param <T> what the files are read into
 */
public final class ReloadedFiles<T> implements Supplier<T> {

  /** How often the content is compared. */
  static final Duration PERIOD = Duration.ofSeconds(10);

  private static final Logger log = LoggerFactory.getLogger(ReloadedFiles.class);

  private final List<Path> files;
  private final Reader<T> reader;
  private byte[] fingerprint;
  private volatile T current;

  /** Reads the files. */
  @FunctionalInterface
  public interface Reader<T> {

    /**
     * Reads.
     *
     * @throws IOException when the content cannot be used; the message names the file
     */
    T read() throws IOException;
  }

  private ReloadedFiles(List<Path> files, Reader<T> reader, byte[] fingerprint, T current) {
    this.files = List.copyOf(files);
    this.reader = reader;
    this.fingerprint = fingerprint;
    this.current = current;
  }

  /**
   * Reads files for the first time.
   *
   * @throws IOException when that fails
   */
  public static <T> ReloadedFiles<T> read(List<Path> files, Reader<T> reader) throws IOException {
    byte[] before = fingerprint(files);
    return new ReloadedFiles<>(files, reader, before, reader.read());
  }

  @Override
  public T get() {
    return current;
  }

  /**
   * Looks for changes from now on.
   *
   * @param changed runs after a change was taken over
   * @param failed runs after a change that cannot be used
   */
  public void watch(Environment environment, Runnable changed, Runnable failed) {
    Executor executor = environment.executor("files");
    scheduleNext(environment, executor, changed, failed);
  }

  private void scheduleNext(
      Environment environment, Executor executor, Runnable changed, Runnable failed) {
    environment
        .timers()
        .schedule(
            PERIOD,
            executor,
            () -> {
              look(changed, failed);
              scheduleNext(environment, executor, changed, failed);
            });
  }

  private void look(Runnable changed, Runnable failed) {
    byte[] now;
    try {
      now = fingerprint(files);
    } catch (IOException replacedThisMoment) {
      log.debug("Cannot read {} now: {}", files, replacedThisMoment.getMessage());
      return;
    }
    if (Arrays.equals(now, fingerprint)) {
      return;
    }
    fingerprint = now;
    try {
      current = reader.read();
      log.info("Read again after a change: {}", files);
      changed.run();
    } catch (IOException e) {
      log.warn("A change cannot be used, what was read before stays: {}", e.getMessage());
      failed.run();
    }
  }

  private static byte[] fingerprint(List<Path> files) throws IOException {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (Path file : files) {
        digest.update(Files.readAllBytes(file));
      }
      return digest.digest();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this JVM has no SHA-256", e);
    }
  }
}
