package dev.kcm.daemon.logs;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;

/**
 * The log in a file, which is started anew at a size.
 *
 * <p>A fixed file is renamed to end in {@code .1} then; in a directory another dated file is begun,
 * and the link {@code kube-controller-manager.INFO} points to the newest.
 *
 * <p><i>Guarded by the lock of the appender that writes to it.</i>
 */
final class LogFile extends OutputStream {

  private static final String PROGRAM = "kube-controller-manager";
  private static final DateTimeFormatter STAMP = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss.SSS");

  /** Clears the way for the next stretch of the log and returns its file. */
  @FunctionalInterface
  private interface Turn {
    Path next() throws IOException;
  }

  private final Turn turn;
  private final long mostBytes;
  private OutputStream out;
  private long written;

  private LogFile(Path first, Turn turn, long mostBytes) throws IOException {
    this.turn = turn;
    this.mostBytes = mostBytes;
    this.written = Files.exists(first) ? Files.size(first) : 0;
    this.out = open(first);
  }

  private static OutputStream open(Path file) throws IOException {
    return Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  /**
   * Opens a fixed file for appending.
   *
   * @param mostBytes size at which it is set aside, or 0 for never
   * @throws IOException if it cannot be written
   */
  static LogFile at(Path file, long mostBytes) throws IOException {
    return new LogFile(file, () -> setAside(file), mostBytes);
  }

  private static Path setAside(Path file) throws IOException {
    Path old = file.resolveSibling(file.getFileName() + ".1");
    Files.move(file, old, StandardCopyOption.REPLACE_EXISTING);
    return file;
  }

  /**
   * Begins a dated file in a directory, which is made if it is missing.
   *
   * @param mostBytes size at which the next one is begun, or 0 for never
   * @throws IOException if it cannot be written
   */
  static LogFile in(Path dir, long mostBytes, Clock clock, long pid) throws IOException {
    Turn turn = () -> begin(dir, clock, pid);
    return new LogFile(turn.next(), turn, mostBytes);
  }

  private static Path begin(Path dir, Clock clock, long pid) throws IOException {
    Files.createDirectories(dir);
    String name = PROGRAM + ".log.INFO." + STAMP.format(LocalDateTime.now(clock)) + "." + pid;
    Path link = dir.resolve(PROGRAM + ".INFO");
    Files.deleteIfExists(link);
    Files.createSymbolicLink(link, Path.of(name));
    return dir.resolve(name);
  }

  @Override
  public void write(int oneByte) throws IOException {
    write(new byte[] {(byte) oneByte}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    if (mostBytes > 0 && written > 0 && written + length > mostBytes) {
      out.close();
      out = open(turn.next());
      written = 0;
    }
    out.write(bytes, offset, length);
    written += length;
  }

  @Override
  public void flush() throws IOException {
    out.flush();
  }

  @Override
  public void close() throws IOException {
    out.close();
  }
}
