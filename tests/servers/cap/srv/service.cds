using test from '../db/schema';

@path: '/odata'
service Imported {
  entity Departments as projection on test.Departments;
  entity Users       as projection on test.Users { *, modifiedAt @odata.etag };
  entity Teams       as projection on test.Teams;
  entity Rates       as projection on test.Rates;
  @readonly
  entity Currencies  as projection on test.Currencies;
}
