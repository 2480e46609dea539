package dev.kcm.embedded.resource;

import dev.kcm.embedded.resource.LabelSelector.Operator;
import dev.kcm.embedded.resource.LabelSelector.Requirement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Recursive-descent parser of label selectors.
 *
 * <p><i>Confined to the calling thread; one text each.</i>
 */
final class LabelSelectorParser {

  private static final String SYMBOLS = "=!(),<>";

  private final List<Token> tokens;
  private int position;

  LabelSelectorParser(String text) {
    this.tokens = tokens(text);
  }

  private enum Type {
    WORD,
    SYMBOL,
    END
  }

  private record Token(Type type, String text) {

    boolean is(String symbol) {
      return type == Type.SYMBOL && text.equals(symbol);
    }
  }

  List<Requirement> parse() {
    List<Requirement> requirements = new ArrayList<>();
    if (!startsRequirement(peek()) && peek().type() != Type.END) {
      throw found(peek(), ", expected: !, identifier, or 'end of string'");
    }
    while (peek().type() != Type.END) {
      requirements.add(requirement());
      Token separator = next();
      if (separator.type() == Type.END) {
        break;
      }
      if (!separator.is(",")) {
        throw found(separator, ", expected: ',' or 'end of string'");
      }
      if (!startsRequirement(peek())) {
        throw found(peek(), ", expected: identifier after ','");
      }
    }
    return requirements;
  }

  private static boolean startsRequirement(Token token) {
    return token.type() == Type.WORD || token.is("!");
  }

  private Requirement requirement() {
    try {
      boolean negated = peek().is("!");
      if (negated) {
        next();
      }
      String key = key();
      if (negated) {
        return new Requirement(key, Operator.ABSENT, Set.of(), 0);
      }
      if (peek().type() == Type.END || peek().is(",")) {
        return new Requirement(key, Operator.EXISTS, Set.of(), 0);
      }
      return comparison(key, next());
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("unable to parse requirement: " + e.getMessage(), e);
    }
  }

  private String key() {
    Token token = next();
    if (token.type() != Type.WORD) {
      throw found(token, ", expected: identifier");
    }
    List<String> errors = QualifiedNames.keyErrors(token.text());
    if (!errors.isEmpty()) {
      throw invalid("<nil>", token.text(), String.join("; ", errors));
    }
    return token.text();
  }

  private Requirement comparison(String key, Token operator) {
    return switch (operator.text()) {
      case "in" -> set(key, Operator.IN, list());
      case "notin" -> set(key, Operator.NOT_IN, list());
      case "=", "==" -> set(key, Operator.IN, Set.of(exactValue()));
      case "!=" -> set(key, Operator.NOT_IN, Set.of(exactValue()));
      case ">" -> bound(key, Operator.GREATER, exactValue());
      case "<" -> bound(key, Operator.LESS, exactValue());
      default -> throw found(operator, ", expected: in, notin, =, ==, !=, gt, lt");
    };
  }

  private static Requirement set(String key, Operator operator, Set<String> values) {
    int index = 0;
    for (String value : values) {
      List<String> errors = QualifiedNames.valueErrors(value);
      if (!errors.isEmpty()) {
        throw invalid("values[" + index + "][" + key + "]", value, String.join("; ", errors));
      }
      index++;
    }
    return new Requirement(key, operator, Set.copyOf(values), 0);
  }

  private static Requirement bound(String key, Operator operator, String value) {
    if (!Decimals.isLong(value)) {
      throw invalid("values[0]", value, "for 'Gt', 'Lt' operators, the value must be an integer");
    }
    set(key, operator, Set.of(value));
    return new Requirement(key, operator, Set.of(), Long.parseLong(value));
  }

  private String exactValue() {
    if (peek().type() == Type.END || peek().is(",")) {
      return "";
    }
    Token token = next();
    if (token.type() != Type.WORD) {
      throw found(token, ", expected: identifier");
    }
    return token.text();
  }

  private Set<String> list() {
    Token open = next();
    if (!open.is("(")) {
      throw found(open, " expected: '('");
    }
    Set<String> values = new TreeSet<>();
    if (peek().type() != Type.WORD && !peek().is(",") && !peek().is(")")) {
      throw found(peek(), ", expected: ',', ')' or identifier");
    }
    while (true) {
      values.add(peek().type() == Type.WORD ? next().text() : "");
      Token separator = next();
      if (separator.is(")")) {
        return values;
      }
      if (!separator.is(",")) {
        throw found(separator, ", expected: ',' or ')'");
      }
      if (peek().type() != Type.WORD && !peek().is(",") && !peek().is(")")) {
        throw found(peek(), ", expected: ',', or identifier");
      }
    }
  }

  private Token peek() {
    return tokens.get(position);
  }

  private Token next() {
    Token token = tokens.get(position);
    if (token.type() != Type.END) {
      position++;
    }
    return token;
  }

  private static IllegalArgumentException found(Token token, String expected) {
    return new IllegalArgumentException("found '" + token.text() + "'" + expected);
  }

  private static IllegalArgumentException invalid(String field, String value, String detail) {
    return new IllegalArgumentException(
        field + ": Invalid value: " + GoQuotes.quote(value) + ": " + detail);
  }

  private static List<Token> tokens(String text) {
    List<Token> tokens = new ArrayList<>();
    int at = 0;
    while (at < text.length()) {
      char c = text.charAt(at);
      int end = at + 1;
      if (isSymbol(c)) {
        if ((c == '=' || c == '!') && end < text.length() && text.charAt(end) == '=') {
          end++;
        }
        tokens.add(new Token(Type.SYMBOL, text.substring(at, end)));
      } else if (!isBlank(c)) {
        while (end < text.length() && !isSymbol(text.charAt(end)) && !isBlank(text.charAt(end))) {
          end++;
        }
        tokens.add(new Token(Type.WORD, text.substring(at, end)));
      }
      at = end;
    }
    tokens.add(new Token(Type.END, ""));
    return tokens;
  }

  private static boolean isSymbol(char c) {
    return SYMBOLS.indexOf(c) >= 0;
  }

  private static boolean isBlank(char c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
  }
}
