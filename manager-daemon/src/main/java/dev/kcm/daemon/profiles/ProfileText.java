package dev.kcm.daemon.profiles;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Profiles for people: a list of stacks, collapsed stacks, and a page with a flame graph. */
final class ProfileText {

  /** Narrower boxes cannot be seen, and there are very many of them. */
  private static final double NARROWEST_PERCENT = 0.1;

  private ProfileText() {}

  /** Stacks with their amounts, the greatest first. */
  static String list(String name, StackProfile profile) {
    StringBuilder text = new StringBuilder();
    text.append(name).append(" profile: total ").append(profile.total()).append('\n');
    for (Map.Entry<List<Frame>, long[]> entry : profile.sorted()) {
      text.append(StackProfile.last(entry.getValue())).append(" @\n");
      for (Frame frame : entry.getKey()) {
        text.append("#\t").append(frame.function()).append('\t').append(frame.place()).append('\n');
      }
      text.append('\n');
    }
    return text.toString();
  }

  /** One line for each stack, the outermost frame first, as tools for flame graphs read it. */
  static String collapsed(StackProfile profile) {
    StringBuilder text = new StringBuilder();
    for (Map.Entry<List<Frame>, long[]> entry : profile.sorted()) {
      List<Frame> outermostFirst = new ArrayList<>(entry.getKey());
      Collections.reverse(outermostFirst);
      text.append(
              outermostFirst.stream()
                  .map(frame -> frame.function().replace(';', ',').replace(' ', '_'))
                  .collect(Collectors.joining(";")))
          .append(' ')
          .append(StackProfile.last(entry.getValue()))
          .append('\n');
    }
    return text.toString();
  }

  /** A page that needs nothing else; a click on a box makes it as wide as the page. */
  static String flameGraph(String name, StackProfile profile) {
    Node root = new Node();
    profile
        .values()
        .forEach(
            (stack, sums) -> {
              Node node = root;
              node.total += StackProfile.last(sums);
              for (int i = stack.size() - 1; i >= 0; i--) {
                node = node.children.computeIfAbsent(stack.get(i).function(), f -> new Node());
                node.total += StackProfile.last(sums);
              }
            });
    StackProfile.Amount amount = profile.amounts().get(profile.amounts().size() - 1);
    StringBuilder page = new StringBuilder(PAGE_START.replace("NAME", escaped(name)));
    box(page, name + " (" + amount.type() + ", " + amount.unit() + ")", root, 100, root.total);
    return page.append(PAGE_END).toString();
  }

  private static void box(StringBuilder page, String label, Node node, double percent, long all) {
    String text = escaped(label);
    page.append("<div class=n style=\"width:")
        .append(percent)
        .append("%\"><div class=b title=\"")
        .append(text)
        .append(" — ")
        .append(node.total)
        .append(" of ")
        .append(all)
        .append("\">")
        .append(text)
        .append("</div><div class=c>");
    node.children.forEach(
        (function, child) -> {
          if (child.total * 100.0 >= all * NARROWEST_PERCENT) {
            box(page, function, child, child.total * 100.0 / node.total, all);
          }
        });
    page.append("</div></div>");
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }

  /** A function below its callers. Confined to one thread. */
  private static final class Node {

    private final Map<String, Node> children = new LinkedHashMap<>();
    private long total;
  }

  private static final String PAGE_START =
      """
      <!DOCTYPE html>
      <html lang="en"><head><meta charset="utf-8"><title>NAME</title><style>
      body{font:12px sans-serif;margin:1em}
      .n{display:inline-block;vertical-align:top;box-sizing:border-box}
      .c{display:flex;align-items:flex-start}
      .b{background:#f2a65a;border:1px solid #fff;height:18px;line-height:18px;overflow:hidden;
      white-space:nowrap;cursor:pointer;padding:0 2px;box-sizing:border-box}
      .b:hover{background:#eec170}
      </style></head><body>
      """;

  private static final String PAGE_END =
      """
      <script>
      document.querySelectorAll('.b').forEach(b=>b.onclick=()=>{
        document.querySelectorAll('.n').forEach(n=>{n.style.width=n.dataset.w||n.style.width;n.style.display=''});
        for(let n=b.parentElement;n&&n.classList.contains('n');n=n.parentElement.parentElement){
          n.dataset.w=n.dataset.w||n.style.width;
          for(const s of n.parentElement.children)if(s!==n&&s.classList.contains('n'))s.style.display='none';
          n.style.width='100%'}});
      </script></body></html>
      """;
}
