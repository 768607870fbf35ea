"""Recipes that several tests read: a flat one, and one with every key of the language."""

FLAT = """\
recipe: 1
description: New starters, weekly file from HR
service: timetta
source: {file: starters.xlsx, locale: ru}
steps:
  - to: Users
    match: email
    fields:
      name: ФИО
      email: [E-mail, Почта]
      department: Отдел
      position: Должность
      firstWorkDay: Дата приёма
"""
WHOLE = """\
recipe: 1
service: timetta
source: {file: [a.xlsx, "b_*.xlsx"], locale: ru, blank: ["-", н/д], when: row.ФИО is not blank}
tables:
  projects: {sheet: Проекты, header: 3, blank: []}
  other: {file: other.csv, encoding: cp1251, delimiter: "\\t", header: none, clean: false, hidden: skip, when: =row.A != "x"}
maps:
  billing: {Фикс: FixedBid, Почасовая: ="TM", Дата: 2026-01-01, "*": =value | lower}
lookups:
  Users: {by: [email, name], where: {isActive: true}}
  Departments: {by: [code, name]}
steps:
  - name: departments
    description: The tree
    from: Отделы
    to: Departments
    match: {any: [code, [leadDepartment, name]]}
    fields:
      code: Код
      name: {column: [Отдел, Подр], on_blank: error, description: why}
      leadDepartment: {column: Входит в, on_missing: create, compare: exact, on_ambiguous: skip, by: name, in: Departments}
  - from: projects
    to: Projects
    when: row.Статус != "Уволен"
    mode: update
    on_missing: skip
    on_duplicate: last
    match: [code, name]
    fields:
      code: {column: Шифр, apply: trim | upper, optional: true}
      name: =row.Проект | title
      billingType: {column: Биллинг, map: billing, by: code, default: ="x", update: if_blank, where: {kind: {column: Вид, by: name}}}
      manager: {column: РП, map: {А: =row.Б}, default: =row.В}
  - from: {file: last.xlsx, sheet: 2}
    name: last
    to: Projects
    mode: create
    match: code
    fields: {code: A, start: 2026-01-31, rate: 1.10, count: 8, flag: true, none: =none, at: 2026-01-31T10:00:00Z}
"""
