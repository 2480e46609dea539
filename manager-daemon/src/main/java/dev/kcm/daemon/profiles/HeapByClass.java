package dev.kcm.daemon.profiles;

import dev.kcm.daemon.profiles.StackProfile.Amount;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;

/**
 * What lies on the heap, by class. The parts of a package stand in for the callers of a function,
 * so that a flame graph shows which packages the memory belongs to.
 */
final class HeapByClass {

  /** Number, instances, bytes, class and perhaps its module. */
  private static final Pattern LINE = Pattern.compile("\\s*\\d+:\\s+(\\d+)\\s+(\\d+)\\s+(\\S+).*");

  private HeapByClass() {}

  /**
   * Counts the objects, which stops the program for as long as that takes.
   *
   * @param liveOnly whether to collect garbage first
   */
  static StackProfile take(boolean liveOnly) {
    StackProfile profile =
        new StackProfile(new Amount("inuse_objects", "count"), new Amount("inuse_space", "bytes"));
    histogram(liveOnly)
        .lines()
        .map(LINE::matcher)
        .filter(Matcher::matches)
        .forEach(
            line ->
                profile.add(
                    stack(line.group(3)),
                    Long.parseLong(line.group(1)),
                    Long.parseLong(line.group(2))));
    return profile;
  }

  /** The class, then its packages, the innermost first. */
  private static List<Frame> stack(String internalName) {
    List<Frame> stack = new ArrayList<>();
    stack.add(Frame.named(internalName));
    String rest = internalName.replaceFirst("^\\[+L?", "");
    for (int dot = rest.lastIndexOf('.'); dot > 0; dot = rest.lastIndexOf('.')) {
      rest = rest.substring(0, dot);
      stack.add(Frame.named(rest));
    }
    return List.copyOf(stack);
  }

  private static String histogram(boolean liveOnly) {
    MBeanServer server = ManagementFactory.getPlatformMBeanServer();
    try {
      return (String)
          server.invoke(
              new ObjectName("com.sun.management:type=DiagnosticCommand"),
              "gcClassHistogram",
              new Object[] {liveOnly ? new String[0] : new String[] {"-all"}},
              new String[] {String[].class.getName()});
    } catch (JMException e) {
      throw new IllegalStateException("this JVM does not tell what is on its heap", e);
    }
  }
}
