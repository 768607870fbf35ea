// What an importer meets in a service that is not ours: GUID keys, trees, a managed association, an ETag set,
// a set with a natural composite key, and one that nobody may write.
namespace test;

aspect Stamped {
  createdAt  : Timestamp @cds.on.insert: $now  @Core.Computed;
  modifiedAt : Timestamp @cds.on.insert: $now  @cds.on.update: $now  @Core.Computed;
}

entity Departments : Stamped {
  key id       : UUID;
      name     : String(255) not null @mandatory;
      code     : String(50);
      isActive : Boolean default true;
      parentId : UUID;
      parent   : Association to Departments on parent.id = parentId;
}

@assert.unique: { email: [email] }
entity Users : Stamped {
  key id           : UUID;
      name         : String(255) not null @mandatory;
      email        : String(255);
      hireDate     : Date;
      rate         : Decimal(15, 2);
      departmentId : UUID;
      department   : Association to Departments on department.id = departmentId;
      managerId    : UUID;
      manager      : Association to Users on manager.id = managerId;
}

entity Teams : Stamped {
  key id         : UUID;
      name       : String(255) not null @mandatory;
      department : Association to Departments; // managed: the key is department_id
}

entity Rates {
  key departmentId : UUID;
  key roleCode     : String(20);
  key validFrom    : Date;
      value        : Decimal(18, 4);
      department   : Association to Departments on department.id = departmentId;
}

entity Currencies {
  key id   : UUID;
      code : String(3);
}
